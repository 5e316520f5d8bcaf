import "../styles/signin.css";
